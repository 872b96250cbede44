// Prints a scenario as the YAML that is read back to the same scenario, from the current folder.
import type { Scenario } from '../core/scenario.ts';
import { scenarioMapping } from './scenarioMapping.ts';
import { printYaml } from './topologyYaml.ts';

export const printScenario = (scenario: Scenario): string => printYaml(scenarioMapping(scenario));
