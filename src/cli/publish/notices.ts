// The licences of the packages that are inside the bundles, as those licences ask.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text: name, version and licence file of every bundled package. */
export const notices = (root: string, bundled: readonly string[]): string =>
  bundled.map((name) => noticeOf(join(root, 'node_modules', name), name)).join('\n\n');

const noticeOf = (folder: string, name: string): string => {
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string; license: string };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file; it cannot be part of a bundle`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
};
