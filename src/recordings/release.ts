// Which kernel was recorded, and which profile and series come nearest to it.
import type { ProbeKernel } from './probeRow.ts';

/** `Linux (none) 6.12.117+deb12-amd64 #1 SMP ...` as `uname -a` prints it; empty where there is none. */
export const releaseOfUname = (text: string | undefined): string => /^\S+\s+\S+\s+(\d+\.\d+\S*)/.exec(text ?? '')?.[1] ?? '';

const versionOf = (release: string): number | null => {
  const found = /^(\d+)\.(\d+)/.exec(release);
  return found ? Number(found[1]) * 1000 + Number(found[2]) : null;
};

export interface Nearest {
  readonly profile: string;
  /** Whether the profile is of the recorded series; else it only comes nearest. */
  readonly isExact: boolean;
}

/** `profiles` are names such as `6.12.y`; those of unmerged series are never nearest. The newest for a kernel that nobody knows. */
export const nearestProfile = (release: string, profiles: readonly string[]): Nearest => {
  const plain = profiles.filter((name) => /^\d+\.\d+\.y$/.test(name)).sort((a, b) => versionOf(a)! - versionOf(b)!);
  const wanted = versionOf(release);
  if (wanted === null) return { profile: plain.at(-1)!, isExact: false };
  const distance = (name: string): number => Math.abs(versionOf(name)! - wanted);
  const profile = plain.reduce((best, name) => (distance(name) < distance(best) ? name : best));
  return { profile, isExact: distance(profile) === 0 };
};

/** Arguments of functions are known for three series, more than there are profiles; the profile's where nobody knows the release. */
export const seriesOf = (release: string, profile: string): ProbeKernel => {
  const version = versionOf(release) ?? versionOf(profile)!;
  if (version > 6012) return '6.18';
  return profile.startsWith('6.1.') ? '6.1' : '6.12';
};
