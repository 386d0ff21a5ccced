import type { Translation } from '../../i18n/translation.ts';
import type { devices as source } from '../en/devices.ts';

export const devices: Translation<typeof source> = {
  programOnSystem: '{program} unter {system}',
  commandLine: 'Gatehouse-Kommandozeile',
  unknown: 'Unbekanntes Gerät',
  unknownProgram: 'Unbekanntes Programm',
};
