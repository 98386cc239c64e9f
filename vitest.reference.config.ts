import { defineConfig } from 'vitest/config'

/** The tests that hold the product against reference data kept beside the project. */
export default defineConfig({
  test: { include: ['{packages,modules,drivers,apps,scripts}/**/*.reference.test.ts'], testTimeout: 60_000 },
})
