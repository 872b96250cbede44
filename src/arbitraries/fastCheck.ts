// The entry `attachlab/fast-check`: machines, scripts and failures by chance for property tests, and scenarios that shrink as the
// explorer's minimiser shrinks. The caller hands in fast-check, so that the package does not depend on it.
export { type Arbitraries, arbitraries, type ScenarioOptions } from './generators.ts';
export { type ShrinkingOptions, shrinking } from './shrinking.ts';
