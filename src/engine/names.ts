// Kernel names of what a run's events call by workflow and path: for reports.
import type { Engine } from './engine.ts';

const pathNames: Record<string, string> = {
  map: 'iommu_map()',
  unmap: 'iommu_unmap()',
  free: 'domain free op',
  allocate: 'domain_alloc hook',
  allocateUser: 'domain_alloc_user hook',
};

const attachOp = (engine: Engine, driver: string): string => {
  const first = engine.model.drivers.get(driver)?.operations[engine.model.column]?.[0] ?? 'attach_dev';
  return first.split(' ')[0]!.replace(/\(\)$/, '').concat('()');
};

/** The kernel function of a workflow or a driver's path; null for steps inside their caller. */
export const kernelNames =
  (engine: Engine) =>
  (workflow: string): string | null => {
    const [driver, path] = workflow.split('.');
    if (path === undefined) return engine.machine(workflow)?.facts.kernel ?? null;
    if (path === 'attach') return attachOp(engine, driver!);
    return pathNames[path] ?? null;
  };
