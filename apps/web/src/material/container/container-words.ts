import type { Container } from '@throughline/model'

export const containerKindWords: Readonly<Record<Container['kind'], string>> = {
  box: 'Box',
  tote: 'Tote',
  tray: 'Tray',
  pallet: 'Pallet',
}

export const containerStateWords: Readonly<Record<Container['state'], string>> = {
  open: 'Open',
  closed: 'Closed',
  shipped: 'Shipped',
  emptied: 'Emptied',
}

/** What may become of a container; what is shipped or emptied has no way back. */
export const nextStates: Readonly<Record<Container['state'], readonly Container['state'][]>> = {
  open: ['closed', 'emptied'],
  closed: ['open', 'shipped'],
  shipped: [],
  emptied: [],
}

/** An SSCC in groups that people can read: `0 0401234 500000001 7`. */
export const ssccText = (sscc: string): string => sscc.replace(/(\d)(\d{7})(\d{9})(\d)/, '$1 $2 $3 $4')
