// The published package's manifest: the root's own is private and carries the pinned Node, which a user must not get.
import { entries, handedIn, typesOf } from './entries.ts';
import { codeFolder, dataFolder } from './paths.ts';

/** What is read from the root's package.json. */
export interface RootManifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const keywords = ['iommu', 'vfio', 'iommufd', 'linux', 'kernel', 'model-checking', 'event-sourcing', 'xstate', 'rxjs', 'replay'];

const ranges = (root: RootManifest, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `^${versionOf(root, name)}`]));

/** `shown` are the packages whose types the library shows; everything else is bundled. */
export const manifestOf = (root: RootManifest, shown: readonly string[]): object => ({
  name: 'attachlab',
  version: root.version,
  description: root.description,
  keywords,
  license: root.license,
  type: 'module',
  engines: { node: '>=24' },
  bin: { attachlab: './cli.js' },
  exports: {
    ...Object.fromEntries(
      entries.map(({ name, source, code }) => [name, { types: typesOf(source), default: `./${codeFolder}/${code}.js` }]),
    ),
    './schemas/*': './schemas/*',
    './scenarios/*': './scenarios/*',
    './package.json': './package.json',
  },
  types: typesOf(entries[0]!.source),
  files: ['cli.js', codeFolder, dataFolder, 'types', 'schemas', 'scenarios', 'CHANGELOG.md', 'THIRD-PARTY-LICENSES'],
  ...(shown.length > 0 && { dependencies: ranges(root, shown) }),
  peerDependencies: ranges(root, handedIn),
  peerDependenciesMeta: Object.fromEntries(handedIn.map((name) => [name, { optional: true }])),
});

const versionOf = ({ dependencies, devDependencies }: RootManifest, name: string): string => {
  const version = dependencies[name] ?? devDependencies[name];
  if (version === undefined) throw new Error(`the public types import ${name}, which package.json does not name`);
  return version;
};
