import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const workers = Math.max(1, Math.min(2, availableParallelism()))

/** Deadlines on a slow machine are this much longer. */
const patience = Number(process.env.RUCHE_TEST_PATIENCE ?? 1)

/** Tests that act on the kernel or drive a whole platform run one file at a time: they share two cores and the leak oracle. */
const alone = {
  maxWorkers: 1,
  fileParallelism: false,
  testTimeout: 120_000 * patience,
  hookTimeout: 180_000 * patience,
}

export default defineConfig({
  test: {
    maxWorkers: workers,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'tests/house/**/*.test.ts'],
          testTimeout: 30_000 * patience,
          hookTimeout: 60_000 * patience,
        },
      },
      { test: { name: 'root', include: ['tests/root/**/*.test.ts'], ...alone } },
      { test: { name: 'faults', include: ['tests/faults/**/*.test.ts'], ...alone } },
      { test: { name: 'browser', include: ['tests/browser/**/*.test.ts'], ...alone } },
    ],
  },
})
