// What failures of overlay files call it.
import type { Kind } from './source.ts';

export const overlayKind: Kind = { code: 'bad-overlay', words: 'an overlay' };
