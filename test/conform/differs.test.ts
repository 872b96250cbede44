// What a difference says: the first step at which both sides part, what agreed before, and how far other explanations come.
import { expect, it } from 'vitest';
import { conform } from '../../src/conform/conform.ts';
import { eventsOfPhase, phaseOf } from '../support/recorded.ts';

it('a claim that was refused, and a kernel driver that explains the claim but not its call', async () => {
  const phase = await phaseOf('6.12-x86_64-intel-conc', 'conc_pairs');
  const at = phase.tokens.findIndex((token) => token.kind === 'line' && token.name === 'r_iommu_group_claim_dma_owner');
  const tokens = phase.tokens.map((token, index) =>
    index === at && token.kind === 'line' ? { ...token, text: token.text.replace('ret=0', 'ret=-16') } : token,
  );
  const [session] = conform(eventsOfPhase(phase, tokens), phase.facts).sessions;
  const { what, recorded, model, line, callsAgreed, agreed } = session!.mismatch!;
  expect({ what, recorded, model, line, callsAgreed, agreed }).toEqual({
    what: 'another result',
    recorded: 'iommu_group_claim_dma_owner(7) = -EBUSY',
    model: 'iommu_group_claim_dma_owner(7) = 0',
    line: 92,
    callsAgreed: 2,
    agreed: 0,
  });
  const asFar = session!.asFar.map(({ mismatch, assumed }) => [
    mismatch.recorded,
    mismatch.model,
    assumed.map(({ attribute }) => attribute),
  ]);
  expect(asFar).toEqual([['OK', 'EPERM', ['boundDriver']]]);
});
