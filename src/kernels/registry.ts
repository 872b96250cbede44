// Every driver, caller, workflow and operation of the model, by file name. Written by `npm run registry`: do not edit.
import type { Driver } from '../core/rows.ts';
import type { Caller } from '../core/workflow.ts';
import type { WorkflowSet } from '../core/workflow.ts';
import type { Operations } from '../core/operation.ts';
import { driver as amdDriver } from '../drivers/amd.ts';
import { driver as appleDartDriver } from '../drivers/appleDart.ts';
import { driver as armSmmuDriver } from '../drivers/armSmmu.ts';
import { driver as armSmmuV3Driver } from '../drivers/armSmmuV3.ts';
import { driver as intelDriver } from '../drivers/intel.ts';
import { driver as intelNestedDriver } from '../drivers/intelNested.ts';
import { driver as ipmmuVmsaDriver } from '../drivers/ipmmuVmsa.ts';
import { driver as omapDriver } from '../drivers/omap.ts';
import { driver as qcomIommuDriver } from '../drivers/qcomIommu.ts';
import { driver as s390Driver } from '../drivers/s390.ts';
import { driver as sprdDriver } from '../drivers/sprd.ts';
import { driver as tegraGartDriver } from '../drivers/tegraGart.ts';
import { driver as virtioIommuDriver } from '../drivers/virtioIommu.ts';
import { caller as iommufdAutoCaller } from '../../machines/workflows/iommufdAuto.ts';
import { caller as iommufdCompatCaller } from '../../machines/workflows/iommufdCompat.ts';
import { caller as iommufdHwptCaller } from '../../machines/workflows/iommufdHwpt.ts';
import { caller as qemuContainerCaller } from '../../machines/workflows/qemuContainer.ts';
import { caller as qemuIommufdCaller } from '../../machines/workflows/qemuIommufd.ts';
import { caller as retryAnyCaller } from '../../machines/workflows/retryAny.ts';
import { caller as vfioType1Caller } from '../../machines/workflows/vfioType1.ts';
import { caller as vfioType1SeedCaller } from '../../machines/workflows/vfioType1Seed.ts';
import { caller as vhostVdpaCaller } from '../../machines/workflows/vhostVdpa.ts';
import { workflows as core61Workflows } from '../../machines/workflows/core61.ts';
import { workflows as core612Workflows } from '../../machines/workflows/core612.ts';
import { workflows as core612OwnershipWorkflows } from '../../machines/workflows/core612Ownership.ts';
import { workflows as coreDomainsWorkflows } from '../../machines/workflows/coreDomains.ts';
import { workflows as iommufdObjectsWorkflows } from '../../machines/workflows/iommufdObjects.ts';
import { workflows as iommufdTablesWorkflows } from '../../machines/workflows/iommufdTables.ts';
import { workflows as kernelTasksWorkflows } from '../../machines/workflows/kernelTasks.ts';
import { workflows as type1MemoryWorkflows } from '../../machines/workflows/type1Memory.ts';
import { workflows as vfioCompatWorkflows } from '../../machines/workflows/vfioCompat.ts';
import { workflows as vfioContainerWorkflows } from '../../machines/workflows/vfioContainer.ts';
import { operations as addressSpacesOperations } from '../operations/addressSpaces.ts';
import { operations as containersOperations } from '../operations/containers.ts';
import { operations as domainsOperations } from '../operations/domains.ts';
import { operations as flowOperations } from '../operations/flow.ts';
import { operations as mappingsOperations } from '../operations/mappings.ts';
import { operations as ownershipOperations } from '../operations/ownership.ts';
import { operations as pageTablesOperations } from '../operations/pageTables.ts';
import { operations as rangesOperations } from '../operations/ranges.ts';
import { operations as rowsOperations } from '../operations/rows.ts';
import { operations as tableSearchOperations } from '../operations/tableSearch.ts';
import { operations as type1Operations } from '../operations/type1.ts';
import { operations as userSpaceOperations } from '../operations/userSpace.ts';

export const drivers: readonly Driver[] = [
  amdDriver,
  appleDartDriver,
  armSmmuDriver,
  armSmmuV3Driver,
  intelDriver,
  intelNestedDriver,
  ipmmuVmsaDriver,
  omapDriver,
  qcomIommuDriver,
  s390Driver,
  sprdDriver,
  tegraGartDriver,
  virtioIommuDriver,
];
export const callers: readonly Caller[] = [
  iommufdAutoCaller,
  iommufdCompatCaller,
  iommufdHwptCaller,
  qemuContainerCaller,
  qemuIommufdCaller,
  retryAnyCaller,
  vfioType1Caller,
  vfioType1SeedCaller,
  vhostVdpaCaller,
];
export const workflows: readonly WorkflowSet[] = [
  core61Workflows,
  core612Workflows,
  core612OwnershipWorkflows,
  coreDomainsWorkflows,
  iommufdObjectsWorkflows,
  iommufdTablesWorkflows,
  kernelTasksWorkflows,
  type1MemoryWorkflows,
  vfioCompatWorkflows,
  vfioContainerWorkflows,
];
export const operations: readonly Operations[] = [
  addressSpacesOperations,
  containersOperations,
  domainsOperations,
  flowOperations,
  mappingsOperations,
  ownershipOperations,
  pageTablesOperations,
  rangesOperations,
  rowsOperations,
  tableSearchOperations,
  type1Operations,
  userSpaceOperations,
];
