// Starts the command line in a clone of the sources: a file dropped into a registered folder counts from the next call on.
import { fileURLToPath } from 'node:url';
import { writeRegistries } from './writeRegistry.ts';

writeRegistries(fileURLToPath(new URL('../../', import.meta.url)));
await import('./main.ts');
