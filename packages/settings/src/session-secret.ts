import { z } from 'zod';
import { refuse } from './problem.ts';

/** 32 characters of base64 or hexadecimal have at least 128 bits. */
export const MIN_SECRET_LENGTH = 32;

export const SECRET_FIX = 'Generate one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"';

/** Words in secrets from manuals, templates and tutorials, and in secrets that people make up. */
const WELL_KNOWN =
  /change.?(me|this|it)|keyboard.?cat|your.?(own|session|very|super|secret|key)|(super|session|my|top|jwt).?secret|example|placeholder|insecure|password|default|replace|qwerty|letmein|gatehouse/i;

/** Comma-separated secrets. The first one signs, all verify. Messages never show a secret. */
export const secretsSchema = z.string().transform((text, ctx): readonly string[] => {
  const secrets = text.split(',').map((secret) => secret.trim());
  for (const [index, secret] of secrets.entries()) {
    const which = secrets.length > 1 ? `number ${index + 1} ` : '';
    const weakness = weaknessOf(secret);
    if (weakness) refuse(ctx, `${which}${weakness}`, SECRET_FIX);
  }
  return secrets;
});

function weaknessOf(secret: string): string | undefined {
  if (secret === '') return 'is empty.';
  if (secret.length < MIN_SECRET_LENGTH) return `has ${secret.length} characters; at least ${MIN_SECRET_LENGTH} are needed.`;
  if (WELL_KNOWN.test(secret)) return 'is a well-known or example value.';
  if (new Set(secret).size < 10 || /^(.{1,16}?)\1+$/s.test(secret) || hasRun(secret)) return 'is too regular to be random.';
  return undefined;
}

/** A run such as `01234567`, `abcdefgh` or `87654321`. A random secret has one with a probability of 10⁻¹⁰. */
function hasRun(secret: string): boolean {
  let up = 1;
  let down = 1;
  for (let index = 1; index < secret.length; index++) {
    const step = secret.charCodeAt(index) - secret.charCodeAt(index - 1);
    up = step === 1 ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    if (up >= 8 || down >= 8) return true;
  }
  return false;
}
