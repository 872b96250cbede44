// The phase machines of parts, for the engine to close.
import { container } from '../../machines/container.ts';
import { device } from '../../machines/device.ts';
import { domain } from '../../machines/domain.ts';
import { group } from '../../machines/group.ts';
import { iommu } from '../../machines/iommu.ts';

export const phases = { device, group, domain, iommu, container };
