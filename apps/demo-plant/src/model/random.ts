/** The whole state of a stream: four unsigned 32-bit words. */
export type RandomState = [number, number, number, number]

/**
 * A seeded stream of random numbers (sfc32: four words of state, passes PractRand). The state is plain data, so that a
 * snapshot of the plant carries it and a restarted plant goes on exactly where it was.
 */
export class Random {
  readonly state: RandomState

  constructor(state: RandomState) {
    this.state = state
  }

  /** One stream per name, so that a new asset changes no other asset's luck. */
  static of(seed: number, name: string): Random {
    const random = new Random([hash(`${seed}/a/${name}`), hash(`${seed}/b/${name}`), hash(`${seed}/c/${name}`), 1])
    for (let i = 0; i < 15; i++) random.next()
    return random
  }

  /** Uniform, 0 inclusive to 1 exclusive. */
  next(): number {
    const s = this.state
    const sum = (((s[0] + s[1]) | 0) + s[3]) | 0
    s[3] = (s[3] + 1) | 0
    s[0] = s[1] ^ (s[1] >>> 9)
    s[1] = (s[2] + (s[2] << 3)) | 0
    s[2] = (((s[2] << 21) | (s[2] >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Gaussian with mean 0 (Box–Muller; the second number is thrown away to keep the state four words). */
  normal(sigma: number): number {
    return sigma * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** Log-normal by its own mean and coefficient of variation. */
  logNormal(mean: number, variation: number): number {
    const variance = Math.log(1 + variation * variation)
    return Math.exp(Math.log(mean) - variance / 2 + this.normal(Math.sqrt(variance)))
  }

  triangular(low: number, mode: number, high: number): number {
    const u = this.next()
    const split = (mode - low) / (high - low)
    if (u < split) return low + Math.sqrt(u * (high - low) * (mode - low))
    return high - Math.sqrt((1 - u) * (high - low) * (high - mode))
  }
}

/** FNV-1a, 32 bits: enough to part the streams. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
