// Reading: how many devices are on a domain.
import type { Reading } from '../../core/claim.ts';
import { devicesOn } from '../../core/paths.ts';

export const reading: Reading = {
  name: 'devices',
  takes: ['domain'],
  arity: 1,
  words: 'devices whose hardware is on the domain',
  read: (world, [domain]) => devicesOn(world, domain!).length,
};
