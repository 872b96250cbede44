// Runs a recorded phase in the model, call after call, and gives beside each recorded call what the model made of it.
import type { Event } from '../../src/core/events.ts';
import type { Fault, Scenario, TaskScript } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { type Finding, audit } from '../../src/detect/audit.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { openRun } from '../../src/engine/run.ts';
import { attachesIn } from './attaches.ts';
import { engineFor, eventsOf, recorded } from './runs.ts';
import type { AttachOutcome, Call, Phase } from './sequence.ts';
import type { Placed } from './sequenceParts.ts';
import { requestsOf } from './sequenceRequests.ts';
