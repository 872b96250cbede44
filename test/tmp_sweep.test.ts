import { it } from 'vitest';
import { phasesOf, recordings } from './support/sequence.ts';
import { rerun } from './support/rerun.ts';
import { writeFileSync } from 'node:fs';
it('s', () => {
  const out: string[] = [];
  const skipped = new Map<string, number>();
  let n = 0;
  for (const r of recordings) for (const p of phasesOf(r)) {
    const t0 = performance.now();
    try {
      const got = rerun(p);
      const bad: string[] = [];
      for (const s of got.skipped) skipped.set(s, (skipped.get(s) ?? 0) + 1);
      for (const { call, results, attaches, hit, tables } of got.reruns) {
        n++;
        const want = call.errno ?? 'OK';
        const last = results.find((x) => x !== 'OK') ?? results.at(-1);
        if (want !== last) bad.push(`${JSON.stringify(call)} -> ${results}`);
        if (call.hit !== undefined && call.hit !== hit) bad.push(`hit ${JSON.stringify(call)} ${hit}`);
        const a = JSON.stringify((call.attaches ?? []).map(x => Object.entries(x).sort())), b = JSON.stringify(attaches.map(x => Object.entries(x).sort()));
        if (a !== b) bad.push(`${JSON.stringify(call)} attaches ${b}`);
      }
      out.push(`${r} ${p.name} ${got.reruns.length}/${p.calls.length} ${Math.round(performance.now() - t0)}ms bad ${bad.length} findings ${got.findings.map((f) => f.id).join(' ')}`);
      out.push(...bad.slice(0, 12).map((x) => '    ' + x));
    } catch (e) { out.push(`${r} ${p.name} THREW ${(e as Error).stack!.split('\n').slice(0,6).join(' | ')}`); }
  }
  out.push(`compared ${n}`, ...[...skipped].sort().map(([k, v]) => `${v} ${k}`));
  writeFileSync('/tmp/rr/out.txt', out.join('\n'));
}, 600000);
