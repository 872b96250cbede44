// The trees that were read. Everything that differs between them hangs on the column.
import type { Profile } from './model.ts';

export const profiles: readonly Profile[] = [
  { name: '6.1.y', column: 'v6.1', title: 'linux 6.1.192', package: 'Debian 6.1.192-2' },
  {
    name: '6.1.y+seed-v6',
    column: 'seed-v6',
    title: 'linux 6.1.192 with the seed series v6',
    package: 'Debian 6.1.192-2, patch v6 1/5 applied on paper',
  },
  { name: '6.12.y', column: 'v6.12', title: 'linux 6.12.117', package: 'Debian 6.12.117-1' },
];
