/** Says what equipment is busy with, several things of a kind at once, within the caller's transaction. */
export { type Busy, beginContexts, endContexts } from './context-interval/side-by-side.ts'
/** Makes the historian: give its module to the platform, then `open()` it. */
export { type Historian, type HistorianOptions, historianModule } from './historian.ts'
/** What became of a batch, the newest sample of a tag, and the size of the store. */
export type { AppendResult, LastSample, StoreStats } from './store/sample-store.ts'
/** What the historian asks of the plant's model. */
export type { TagFinder } from './tags.ts'
