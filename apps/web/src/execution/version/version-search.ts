import { z } from 'zod'

/** Which version of a definition is shown, and with which one it is compared. */
export const VersionSearch = z.object({
  version: z.int().positive().optional().catch(undefined),
  with: z.int().positive().optional().catch(undefined),
})
