import { defineConfig } from 'vitest/config'

/** The tests that run a whole plant. Three journeys at a time: plant and browser of one wait for each other most of the time. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
