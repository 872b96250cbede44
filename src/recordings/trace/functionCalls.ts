// Calls as function_graph records them, as tokens: an entry and a return, whichever format they were printed or stored in.
import type { NamedEvent } from './text.ts';

/** Neither offset nor size is recorded; a module stands after the function as everywhere: `(vfio_iommu_type1_attach_group+0x0/0x0 [vfio])`. */
const entry = (called: string): NamedEvent => {
  const blank = called.indexOf(' ');
  const place = blank < 0 ? `${called}+0x0/0x0` : `${called.slice(0, blank)}+0x0/0x0${called.slice(blank)}`;
  return { name: 'funcgraph_entry', text: `(${place})` };
};

/** Where it returns to is not recorded; the value only with the option funcgraph-retval. */
const exit = (called: string, value?: string): NamedEvent => ({
  name: 'funcgraph_exit',
  text: `( <- ${called.replace(/ .*/, '')})${value === undefined ? '' : ` ret=${value}`}`,
});

export const callTokens = { entry, exit };
