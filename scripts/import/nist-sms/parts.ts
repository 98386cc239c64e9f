/** The parts of the assembly, as the names of the files have them. */
export const partNames = ['box', 'cover', 'plate'] as const
export type PartName = (typeof partNames)[number]

/** The box with everything in it. */
export const assembly = 'NIST-ASSEMBLY'
export const materialOf = (part: PartName): string => `NIST-${part.toUpperCase()}`

/** `NIST-COVER-07`: the serial of a piece, or the code of an order for it. */
export const codeOf = (material: string, serial: number): string => `${material}-${String(serial).padStart(2, '0')}`

export const partIn = (text: string): PartName | undefined => partNames.find((part) => text.toLowerCase() === part)
