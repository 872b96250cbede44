// What a scenario file may claim and expect.
import { choice, count, list, mapping, maybe, type Schema, said, single, table, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';
import { attributeValue } from './topologySchema.ts';

const comparison = text('a comparison such as domains(c0) <= 1', /\S/);
const detectorId = text('the id of a detector', /^[a-z0-9][a-z0-9-]*$/);

const moodClaim = titled(
  'Claim',
  'A comparison of named readings, and when it must hold.',
  single(
    'a claim',
    mapping('a claim', {
      always: maybe(said('Must hold after every request and at the end.', comparison)),
      sometimes: maybe(said('Must hold at least once.', comparison)),
      'at-end': maybe(said('Must hold at the end.', comparison)),
    }),
  ),
);

const detectorClaim = titled(
  'Detector as claim',
  'The detector must find nothing.',
  mapping('a detector as claim', {
    detector: said('Id of the detector.', detectorId),
    with: maybe(said('Parameters of the detector.', table('parameters', attributeValue))),
  }),
);

const shortClaim = titled('Detector as claim', 'Id of a detector that must find nothing.', detectorId);

export const claimSchema = choice([shortClaim, moodClaim, detectorClaim], (input) => {
  if (isMapping(input)) return 'detector' in input ? detectorClaim : moodClaim;
  return shortClaim;
});

const resultWords = 'ok, an errno such as ENOMEM, killed, n/a, NULL or oops';
const result: Schema<string> = text(resultWords, /^(ok|E[A-Z0-9]+|killed|n\/a|NULL|oops)$/);

export const expectationSchema = titled(
  'Expectation',
  'What should come out under a kernel and a caller.',
  mapping('an expectation', {
    kernel: maybe(said('Profile or overlay file, or *. Default: *.', text('the name of a kernel'))),
    caller: maybe(said('Caller, or *. Default: *.', text('the name of a caller'))),
    result: maybe(said('Result of the last attach: ok, or an errno without sign.', result)),
    results: maybe(said('Results of all requests in order.', list('a list of results', result))),
    domains: maybe(said('Domains that containers hold at the end.', count('a number of domains, from 0', 0))),
    containers: maybe(said('Containers and address spaces that are open at the end.', count('a number of containers, from 0', 0))),
    pinned: maybe(said('How often the memory that is pinned most is pinned at the end.', count('a number of times, from 0', 0))),
    findings: maybe(said('Detectors with a finding of level bug; an empty list: none.', list('a list of detectors', detectorId))),
  }),
);
