// `npm run test:kernel`: tests that need the sources of two kernels, and are no part of `npm test`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/kernel/*.kernel.ts'], testTimeout: 60_000, hookTimeout: 600_000, maxWorkers: 1 },
});
