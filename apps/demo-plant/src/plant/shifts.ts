/** A shift of every day, in wall-clock hours of its site. */
export interface DailyShift {
  readonly name: string
  readonly startHour: number
  readonly endHour: number
}

/** A site that works round the clock. */
export interface ShiftSite {
  /** Path of its node, lower case. */
  readonly path: string
  readonly timeZone: string
  readonly shifts: readonly DailyShift[]
}

const shift = (name: string, startHour: number, endHour: number): DailyShift => ({ name, startHour, endHour })

/** Three shifts where parts are made, two where batches are. */
export const shiftSites: readonly ShiftSite[] = [
  {
    ...{ path: 'aurora/aero', timeZone: 'Europe/Berlin' },
    shifts: [shift('Early', 6, 14), shift('Late', 14, 22), shift('Night', 22, 6)],
  },
  {
    ...{ path: 'aurora/bio', timeZone: 'Europe/Dublin' },
    shifts: [shift('Day', 6, 18), shift('Night', 18, 6)],
  },
]

/** One shift that took place; `date` is the local date on which it began. */
export interface PastShift {
  readonly date: string
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

const hourMs = 3_600_000

/** The shifts of one site. Both zones stand whole hours from UTC, so every shift begins on a whole hour. */
export class SiteShifts {
  readonly #site: ShiftSite
  readonly #clock: Intl.DateTimeFormat

  constructor(site: ShiftSite) {
    this.#site = site
    this.#clock = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone: site.timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      hour: '2-digit',
    })
  }

  /** The shift that ends at a whole hour; undefined when none does. */
  endingAt(hourEndMs: number): PastShift | undefined {
    if (this.#beginningAt(hourEndMs) === undefined) return undefined
    for (let fromMs = hourEndMs - hourMs; ; fromMs -= hourMs) {
      const found = this.#beginningAt(fromMs)
      if (found !== undefined) return { name: found.name, date: this.#local(fromMs).date, fromMs, toMs: hourEndMs }
    }
  }

  /** Hours by which the local clock is put forward (1) or back (−1) at a whole hour; 0 at nearly all. */
  clockChangeAt(atMs: number): number {
    const moved = this.#local(atMs).hour - this.#local(atMs - hourMs).hour
    return (moved + 23) % 24 === 23 ? -1 : (moved + 23) % 24
  }

  #beginningAt(atMs: number): DailyShift | undefined {
    const { hour } = this.#local(atMs)
    // In the night of the clock change an hour may come twice; no shift begins in it.
    return this.#site.shifts.find((each) => each.startHour === hour)
  }

  #local(atMs: number): { date: string; hour: number } {
    const [date = '', hour = ''] = this.#clock.format(atMs).split(' ')
    return { date, hour: Number(hour) }
  }
}
