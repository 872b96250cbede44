// The public API, each name listed. Behaviour tests, the command line's siblings and users of the package import from here.

// Recordings of real kernels
export { type Conformance, conform } from './conform/conform.ts';
export { scenarioFrom } from './conform/scenarioFrom.ts';
export type { Attaches, AttachRow } from './core/attaches.ts';
export type { Cell } from './core/cell.ts';
export type { Reading } from './core/claim.ts';
export type { Comparison, Difference, RowCoverage } from './core/comparison.ts';
export { all, any, below, differ, equal, has, lacks, not, plain, value } from './core/conditions.ts';
export type { Event, EventOf, EventType } from './core/events.ts';
export { evolve } from './core/evolve.ts';
export { Failure } from './core/failure.ts';
export type { Detector, Finding, Probe } from './core/finding.ts';
export type { Label } from './core/label.ts';
export type { LintContract } from './core/lintReport.ts';
export type { Reproduction } from './core/reproduction.ts';
export type { LintFinding, ReturnSite, TreeReading } from './core/returnSites.ts';
export { alloc, call, check, effect, take } from './core/rowBuilders.ts';
export type { Driver, Row } from './core/rows.ts';
export type { Claim, Expectation, Fault, Request, Scenario, TaskScript } from './core/scenario.ts';
export type { Deviation } from './core/schedule.ts';
export type { SearchCell } from './core/searchCell.ts';
export type { SuiteTest } from './core/suite.ts';
export type { Topology } from './core/topology.ts';
export type { Bounds, Verdict } from './core/verdict.ts';
export { type Caller, end, step } from './core/workflow.ts';
export { emptyWorld, type World } from './core/world.ts';
export { attachesOf } from './detect/attaches.ts';
// Audit
export { audit } from './detect/audit.ts';
export { evaluateClaims } from './detect/claims.ts';
export { recordedProbe } from './detect/recordedProbe.ts';
export { watch } from './detect/watch.ts';
export { whyOf } from './detect/why.ts';
export { diffRuns } from './engine/diff.ts';
export { forkRecipe, parseSetting } from './engine/fork.ts';
export { type AttachRequest, type Attempt, attempt, throughGuards } from './engine/guards.ts';
export { probeOf } from './engine/probe.ts';
// Runs
export { engineFor, perform, type Recipe } from './engine/recipe.ts';
export { stateAt, verify, watchReading } from './engine/replay.ts';
export { type TaskRequest, throughModel } from './engine/requests.ts';
export { requestFor } from './engine/rowRequests.ts';
export { type Decisions, type Run, type RunOptions, runScenario } from './engine/run.ts';
export { compare, type Side } from './explore/compare.ts';
// Searches, and what is made of many runs
export { explore, exploreInTurns } from './explore/explore.ts';
export { type ExploreMatrixOptions, exploreMatrix, exploreMatrixInTurns } from './explore/exploreMatrix.ts';
export type { Counterexample, Exploration, ExploreOptions, ModelPart } from './explore/exploreOptions.ts';
export { type Judgement, judge } from './explore/judge.ts';
export { matrix } from './explore/matrix.ts';
export { reproductionOf } from './explore/repro.ts';
export { type SuiteOptions, suiteTests } from './explore/suite.ts';
export { numberingOf, printToken, readToken, type Token } from './explore/token.ts';
export { recipeOfToken } from './explore/tokenRecipe.ts';
export type { Turns } from './explore/turns.ts';
// Models: kernels, overlays, callers
export { buildModel, type ModelOptions } from './kernels/build.ts';
export { applyOverlay } from './kernels/overlay.ts';
// Kernel sources against the errno contract
export { compareTrees } from './lint/compareTrees.ts';
export { chooseContract } from './lint/contracts/choose.ts';
export { findingsOf } from './lint/judge.ts';
export { patchEffect } from './lint/patchEffects.ts';
export { readTree } from './lint/read/readTree.ts';
export { openTreeReader } from './lint/read/treeReader.ts';
export { rules as lintRules } from './lint/registry.ts';
export type { KernelTree } from './lint/tree.ts';
export { type ReadRecording, readRecording } from './recordings/readRecording.ts';
export { topologyFromSnapshot } from './recordings/snapshot.ts';
export { readSnapshot } from './recordings/snapshotFile.ts';
export type { Trace, TraceCounts } from './recordings/trace/account.ts';
export type { TraceSource } from './recordings/trace/input.ts';
// Traces of real kernels
export { inTimeOrder, type Ordered, type OrderSummary } from './recordings/trace/order.ts';
export { readTrace } from './recordings/trace/readTrace.ts';
export { openRecording, type Recording } from './recordings/trace/recording.ts';
export type { LostEvents, Token as TraceToken, TokenStream, TraceLine, UnreadLine } from './recordings/trace/token.ts';
// Scenarios and topologies
export { type ScenarioBuilder, scenario } from './scenario/builder.ts';
export { loadScenario, loadTopology, parseScenario } from './scenario/load.ts';
export { readOverlay } from './scenario/overlay.ts';
export { printScenario } from './scenario/print.ts';
export { jsonSchemas } from './scenario/schema.ts';
export { parseScript } from './scenario/text.ts';
export { printTopologyYaml } from './scenario/topologyYaml.ts';
export { exportLines, readExport } from './store/codec.ts';
// Stores
export { MemoryStore } from './store/memory.ts';
export { SqliteStore } from './store/sqlite.ts';
export type { EventStore } from './store/store.ts';
