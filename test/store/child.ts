// A second process for the store's tests. Prints one line for each thing that is done, at once, so that what was printed was done.
import { writeSync } from 'node:fs';
import { Failure } from '../../src/core/failure.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { type Counted, counted } from './counted.ts';

const say = (text: string | number): void => {
  writeSync(1, `${text}\n`);
};

const unprivileged = (): void => {
  if (process.getuid?.() !== 0) return;
  process.setgid?.(65_534);
  process.setuid?.(65_534);
};

/** Appends `times` batches of `size` to one stream that others write too; says the version after each. */
const race = (file: string, size: number, times: number, mark: number): void => {
  const store = new SqliteStore<Counted & { mark: number }>(file);
  for (let done = 0; done < times; ) {
    const version = store.version('s');
    try {
      say(
        store.append(
          's',
          version,
          counted(version + 1, version + size).map((event) => ({ ...event, mark })),
        ),
      );
      done += 1;
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'version-conflict')) throw error;
    }
  }
  store.close();
};

/** Appends batches until it is killed. */
const forever = (file: string, size: number): void => {
  const store = new SqliteStore<Counted>(file);
  for (let version = store.version('s'); ; ) {
    version = store.append('s', version, counted(version + 1, version + size));
    say(version);
  }
};

/** Appends until the disk is full, says why it stopped, and then what the store still holds. */
const fill = (file: string): void => {
  const store = new SqliteStore<Counted>(file);
  try {
    for (;;) store.append('s', 'any', counted(1, 256));
  } catch (error) {
    say(error instanceof Failure ? `${error.code}: ${error.message.split('\n')[0]}` : String(error));
  }
  say(`${[...store.read('s')].length} ${store.version('s')}`);
};

const tryTo = (action: () => string | number): void => {
  try {
    say(action());
  } catch (error) {
    say(error instanceof Failure ? `${error.code}: ${error.message}` : `not a Failure: ${error}`);
  }
};

const [command, file, ...counts] = process.argv.slice(2) as [string, string, ...string[]];
const [first, second, third] = counts.map(Number) as [number, number, number];
if (command === 'race') race(file, first, second, third);
else if (command === 'forever') forever(file, first);
else if (command === 'fill') fill(file);
else if (command === 'write-unprivileged') {
  unprivileged();
  tryTo(() => new SqliteStore<Counted>(file).append('s', 'any', counted(1, 1)));
} else if (command === 'read-unprivileged') {
  unprivileged();
  tryTo(() => new SqliteStore<Counted>(file, { readOnly: true }).version('s'));
}
