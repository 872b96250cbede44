// The sources of the two kernels that the model was read from: a folder that is named, or what is needed of Debian's packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const versions = ['6.1', '6.12'] as const;
export type Version = (typeof versions)[number];

/** What rows cite, what says the version, and where the contract stands. */
const members = [
  'Makefile',
  'drivers/iommu/*',
  'drivers/vfio/*.[ch]',
  'drivers/vhost/vdpa.c',
  'drivers/virtio/virtio_ring.c',
  'drivers/firmware/qcom*',
  'arch/s390/pci/*.c',
  'include/linux/iommu.h',
];

const variable = (version: Version): string => `LINUX_${version.replace('.', '_')}`;
const archive = (version: Version): string => `/usr/src/linux-source-${version}.tar.xz`;

export const howToGet = (version: Version): string =>
  `no sources of linux ${version}: \`apt-get install linux-source-${version}\`, or ${variable(version)}=FOLDER`;

const unpacked: string[] = [];

const unpack = (version: Version): string => {
  const folder = mkdtempSync(join(tmpdir(), `attachlab-linux-${version}-`));
  unpacked.push(folder);
  const wanted = members.map((member) => `linux-source-${version}/${member}`);
  const { status, stderr } = spawnSync('tar', ['-xJf', archive(version), '-C', folder, '--wildcards', ...wanted], { encoding: 'utf8' });
  const top = join(folder, `linux-source-${version}`);
  // Each kernel lacks some of the files that the other has, which tar calls a failure.
  if (!existsSync(join(top, 'drivers/iommu/iommu.c'))) throw new Error(`${archive(version)} cannot be unpacked (${status}): ${stderr}`);
  return top;
};

export const isThere = (version: Version): boolean => process.env[variable(version)] !== undefined || existsSync(archive(version));

export const folderOf = (version: Version): string => process.env[variable(version)] ?? unpack(version);

export const removeUnpacked = (): void => {
  for (const folder of unpacked.splice(0)) rmSync(folder, { recursive: true });
};
