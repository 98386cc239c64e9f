import { defineConfig } from 'vitest/config'

/** The tests that run a whole plant. Two journeys at a time: plant and browser of one wait for each other half of the time. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
