import { DomainError } from '@throughline/kernel'

/** One thing that an agent can be asked for. */
export type MtConnectAddress =
  | {
      readonly kind: 'item'
      /** Name or uuid of the device, where several devices of one agent use the same names. */
      readonly device: string | null
      /** Id of the data item, or its name. */
      readonly item: string
      /** An attribute of the observation instead of its value; `active` = the active conditions as JSON text. */
      readonly attribute: string | null
    }
  | { readonly kind: 'asset'; readonly assetId: string }

// Ids and names are XML names: letters of any script, digits, and . - _ : (MTConnect Part 1, clause on identifiers).
const name = String.raw`[\p{L}\p{N}_][\p{L}\p{N}._:\-]*`
const itemForm = new RegExp(`^(?:(${name})/)?(${name})(?:@([A-Za-z]+))?$`, 'u')
const assetForm = /^asset=([^\s/?#;&]{1,200})$/

/**
 * Reads `[<device>/]<data item>[@<attribute>]` or `asset=<asset id>`: `Xload`, `CNC-01/execution`, `system@active`,
 * `load@duration`, `asset=T-4711`.
 *
 * @throws DomainError `invalid` (`mtconnect.address-invalid`) naming the text
 */
export function parseAddress(text: string): MtConnectAddress {
  const [, assetId] = assetForm.exec(text) ?? []
  if (assetId !== undefined) return { kind: 'asset', assetId }
  const [, device, item, attribute] = itemForm.exec(text) ?? []
  if (item === undefined) {
    throw new DomainError(
      'invalid',
      'mtconnect.address-invalid',
      `"${text}" is not an MTConnect address: write the id or name of a data item (Xload), with its device (CNC-01/Xload), an attribute (system@active), or asset=<asset id>.`,
      { address: text },
    )
  }
  return { kind: 'item', device: device ?? null, item, attribute: attribute ?? null }
}
