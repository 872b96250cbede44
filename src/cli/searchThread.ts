// The thread of one more worker of `explore --jobs`: loads what the model's files are, as the command line does, and serves searches.
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Bounds } from '../core/verdict.ts';
import { engineFor } from '../engine/recipe.ts';
import { faultBounds } from '../explore/explore.ts';
import type { ModelPart } from '../explore/exploreOptions.ts';
import { serve } from '../explore/worker.ts';
import { resolverFor } from './recipes.ts';

interface Data {
  readonly port: MessagePort;
  readonly part: ModelPart;
  readonly bounds: Bounds;
}

const { port, part, bounds } = workerData as Data;
serve(engineFor(part, await resolverFor([part])), faultBounds(bounds), port);
