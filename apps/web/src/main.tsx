import { config } from 'zod'
import { applyPreferences } from './shell/preferences.ts'

// zod compiles schemas with `new Function`, which the content security policy refuses; and it decides when a schema is
// made, so this must run before any module with schemas is loaded.
config({ jitless: true })
applyPreferences()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
const { start } = await import('./app.tsx')
start(root)
