import { it } from 'vitest';
import { engineFor, eventsOf, nth, recorded, scenario, task, told } from './support/runs.ts';
it('s', () => {
  const m = recorded('6.12custom-arm64-smmuv3x3-failnth_conc');
  const engine = engineFor({ kernel: '6.12.y', caller: 'vfio-type1' });
  const t0=performance.now();
  for (const g of ['6','7','8','9','10']) for (let n = 1; n<40; n++) {
    const { events, results } = told(engine, scenario(m, [task('t0', `attach ${g}`)], { faults: [nth(0, n, 'VFIO_SET_IOMMU')] }));
    const failed = eventsOf(events, 'AllocationFailed').filter((e) => e.n === n);
    if (!failed.length) { console.log(g, 'end', n-1); break; }
    console.log(g, n, failed.map(f=>f.site+' '+f.row+' '+f.outcome).join('; '), results[0]);
  }
  console.log(performance.now()-t0);
});
