// Every detector and every reading that claims can name, by file name. Written by `npm run registry`: do not edit.
import type { AnyDetector } from '../core/finding.ts';
import type { Reading } from '../core/claim.ts';
import { detector as discouragedErrnoDetector } from './discouragedErrno.ts';
import { detector as duplicateDomainDetector } from './duplicateDomain.ts';
import { detector as errnoAgainstClassDetector } from './errnoAgainstClass.ts';
import { detector as freedDomainRecordedDetector } from './freedDomainRecorded.ts';
import { detector as groupSplitDetector } from './groupSplit.ts';
import { detector as groupStuckOnBlockingDetector } from './groupStuckOnBlocking.ts';
import { detector as needlessWorkDetector } from './needlessWork.ts';
import { detector as orphanedDomainDetector } from './orphanedDomain.ts';
import { detector as ownershipBrokenDetector } from './ownershipBroken.ts';
import { detector as silentSuccessDetector } from './silentSuccess.ts';
import { detector as softFailurePrintsDetector } from './softFailurePrints.ts';
import { reading as devicesReading } from './readings/devices.ts';
import { reading as domainReading } from './readings/domain.ts';
import { reading as domainsReading } from './readings/domains.ts';
import { reading as groupsReading } from './readings/groups.ts';
import { reading as idsReading } from './readings/ids.ts';
import { reading as mappingsReading } from './readings/mappings.ts';
import { reading as ownerReading } from './readings/owner.ts';
import { reading as phaseReading } from './readings/phase.ts';
import { reading as usersReading } from './readings/users.ts';

export const detectors: readonly AnyDetector[] = [
  discouragedErrnoDetector,
  duplicateDomainDetector,
  errnoAgainstClassDetector,
  freedDomainRecordedDetector,
  groupSplitDetector,
  groupStuckOnBlockingDetector,
  needlessWorkDetector,
  orphanedDomainDetector,
  ownershipBrokenDetector,
  silentSuccessDetector,
  softFailurePrintsDetector,
];
export const readings: readonly Reading[] = [
  devicesReading,
  domainReading,
  domainsReading,
  groupsReading,
  idsReading,
  mappingsReading,
  ownerReading,
  phaseReading,
  usersReading,
];
