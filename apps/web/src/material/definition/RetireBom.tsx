import type { BillOfMaterial } from '@throughline/model'
import { retireBom } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { useBomUse } from './BomUse.tsx'
import { retirementWords } from './bom-use.ts'

interface RetireBomProps {
  readonly bom: BillOfMaterial
  readonly versions: readonly BillOfMaterial[]
  readonly onClose: () => void
}

/** Takes a bill of material out of use for new orders, once it was said who uses it. */
export function RetireBom({ bom, versions, onClose }: RetireBomProps): ReactElement {
  const use = useBomUse(bom.product, versions)
  return (
    <TaskDialog
      title={`Retire the bill of material of ${bom.product}`}
      verb="Retire"
      failure="The bill of material was not retired"
      check={() => (use.isKnown ? undefined : 'Wait until it is known who uses it.')}
      onSave={(reason) => client(retireBom, { bomId: bom.id, reason })}
      onClose={onClose}
    >
      <p>Version {bom.version} is out of use for new orders.</p>
      {use.error === null ? null : <ProblemNotice what="Its use could not be read" error={use.error} />}
      {use.isKnown ? (
        <ul className="making-list" aria-label="Who uses it">
          {retirementWords(bom.product, use).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : null}
    </TaskDialog>
  )
}
