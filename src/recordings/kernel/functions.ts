// Every kernel function that changes what a recording knows; a driver's attach paths by the rows of the probe table.
import { probeTable } from '../probeTable.ts';
import { attachesDevice, coreFunctions, type FunctionHandler } from './coreFunctions.ts';
import { iommufdFunctions } from './iommufdFunctions.ts';
import { type1Functions } from './type1Functions.ts';

const core = ['core', 'vfio', 'iommufd'];

/** A driver's function with a domain and a device moves the device, or refuses to: these only refuse. */
const checksOnly: ReadonlySet<string> = new Set(['prepare_domain_attach_device', 'paging_domain_compatible']);

const driverAttaches = probeTable.filter(
  ({ part, arguments: given, returns, function: name }) =>
    !core.includes(part) &&
    returns === 'errno' &&
    !checksOnly.has(name) &&
    ['domain', 'device'].every((role) => given.some((argument) => argument.role === role)),
);

const handlers = new Map<string, FunctionHandler>([
  ...driverAttaches.map(({ function: name }): [string, FunctionHandler] => [name, attachesDevice]),
  ...Object.entries(coreFunctions),
  ...Object.entries(type1Functions),
  ...Object.entries(iommufdFunctions),
]);

export const handlerOf = (name: string): FunctionHandler | undefined => handlers.get(name);
