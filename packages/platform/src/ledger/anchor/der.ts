interface Element {
  readonly header: number
  readonly length: number
}

/** What stands inside one DER element, without its tag and length. @throws RangeError when it is cut off */
export function contentOf(element: Buffer): Buffer {
  const { header, length } = measure(element)
  return element.subarray(header, header + length)
}

/** The elements inside one constructed DER element. @throws RangeError when one is cut off */
export function elementsIn(element: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let rest = contentOf(element); rest.length > 0; ) {
    const { header, length } = measure(rest)
    found.push(rest.subarray(0, header + length))
    rest = rest.subarray(header + length)
  }
  return found
}

/** Tags of one byte and lengths below 2^48, which is all that time stamps are made of. */
function measure(bytes: Buffer): Element {
  const first = bytes.readUInt8(1)
  const long = first > 0x80 ? first - 0x80 : 0
  const length = long === 0 ? first : bytes.readUIntBE(2, long)
  const header = 2 + long
  if (header + length > bytes.length) throw new RangeError('the DER is cut off')
  return { header, length }
}
