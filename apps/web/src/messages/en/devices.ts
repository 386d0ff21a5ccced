/** Names of browsers and devices. The names of programs and systems themselves are the same in every language. */
export const devices = {
  programOnSystem: '{program} on {system}',
  commandLine: 'Gatehouse command line',
  unknown: 'Unknown device',
  unknownProgram: 'Unknown program',
} as const;
