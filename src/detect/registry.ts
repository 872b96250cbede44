// Every detector and every reading that claims can name, by file name. Written by `npm run registry`: do not edit.

export const detectors: readonly never[] = [];
export const readings: readonly never[] = [];
