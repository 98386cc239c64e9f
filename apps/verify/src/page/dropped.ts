/** Files as they were chosen or dropped, by what they are. */
export interface Dropped {
  bundle: File | undefined
  checkpoints: File[]
  /** Readings, photos, originals: what the bundle is to be held against. */
  beside: File[]
}

/** Checkpoints are told by their ending, a bundle by its beginning; alone, whatever it is, a file is taken for the bundle. */
export async function sortDropped(files: readonly File[], hasBundle: boolean): Promise<Dropped> {
  const checkpoints = files.filter(({ name }) => name.endsWith('.checkpoint'))
  const others = files.filter((file) => !checkpoints.includes(file))
  const begins = await Promise.all(others.map((file) => beginsWith(file, bundleFormat)))
  const bundle = others[begins.indexOf(true)] ?? (hasBundle ? undefined : others[0])
  return { bundle, checkpoints, beside: others.filter((file) => file !== bundle) }
}

/** Whether a file is one of readings, or is called like one. */
export const isReadings = async (file: File): Promise<boolean> =>
  file.name.endsWith('.readings.ndjson') || (await beginsWith(file, readingsFormat))

const bundleFormat = 'throughline-bundle/'
const readingsFormat = 'throughline-readings/'

const beginsWith = async (file: File, format: string): Promise<boolean> =>
  (await file.slice(0, 200).text()).includes(`"${format}`)
