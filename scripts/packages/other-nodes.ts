import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreignFolder, npmSettings } from './foreign-folder.ts';

export interface OtherNodes {
  /** The program of the newest release of this major version, from the package `node`. */
  program(major: number): Promise<string>;
  remove(): void;
}

/** Versions of Node beside the one of this repository, in a temporary folder. Each is installed once. */
export function otherNodes(registryUrl: string): OtherNodes {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-nodes-'));
  const folder = foreignFolder(path);
  const installed = new Map<number, Promise<string>>();

  async function install(major: number): Promise<string> {
    const prefix = join(path, String(major));
    // npm passes by the settings of a folder that it does not install into.
    writeFileSync(join(path, 'npmrc'), npmSettings(registryUrl));
    await folder.run('npm', ['install', '--prefix', prefix, '--userconfig', join(path, 'npmrc'), `node@${major}`]);
    return join(prefix, 'node_modules/node/bin/node');
  }

  return {
    program(major) {
      const program = installed.get(major) ?? install(major);
      installed.set(major, program);
      return program;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
