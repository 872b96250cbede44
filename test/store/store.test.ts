// Runs the contract for every store.
import { MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { storeContract } from './contract.ts';
import { newFile } from './files.ts';

storeContract('memory', () => new MemoryStore());
storeContract('sqlite', () => new SqliteStore(newFile()));
