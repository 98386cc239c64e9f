import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { BillOfMaterial } from '@throughline/model'
import { listBoms } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { VersionPage } from '../../execution/version/VersionPage.tsx'
import { memberDifferences } from '../../execution/version/version-words.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { BomUse } from './BomUse.tsx'
import { RetireBom } from './RetireBom.tsx'

const route = getRouteApi('/app/bills-of-material/$product')

/** What one product is made of: the versions, who stands for them, and the lines. */
export function BomScreen(): ReactElement {
  const { product } = route.useParams()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [retiring, setRetiring] = useState<BillOfMaterial | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listBoms, { product }), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionPage
        title={() => `Bill of material of ${product}`}
        code={`Bill of material of ${product}`}
        above={<Link to="/bills-of-material">Bills of material</Link>}
        versions={data}
        error={error}
        search={route.useSearch()}
        onCompare={(version) => void navigate({ search: (before) => ({ ...before, with: version }) })}
        link={(version, text) => (
          <Link to="/bills-of-material/$product" params={{ product }} search={{ version }}>
            {text}
          </Link>
        )}
        actions={(newest, effective) => (
          <>
            <GuardedButton
              reason={denial('material.definition.write', 'write bills of material')}
              onClick={() => void navigate({ to: '/bill-of-material-drafts/$product', params: { product } })}
            >
              {newest.state === 'draft' ? 'Change the draft' : 'Write the next version'}
            </GuardedButton>
            {effective === undefined ? null : (
              <GuardedButton
                variant="default"
                reason={denial('material.definition.release', 'retire bills of material')}
                onClick={() => setRetiring(effective)}
              >
                Retire
              </GuardedButton>
            )}
          </>
        )}
        kind="material.bom"
        shows={[listBoms.name]}
        effect="With the last signature it is effective: orders released from then on are made by it, running ones keep theirs."
        fields={() => []}
        members={(before, after) => memberDifferences(before.lines, after.lines, ({ position }) => String(position))}
        noun="Position"
      >
        {(shown, versions) => (
          <>
            <BomLines bom={shown} />
            <BomUse product={product} versions={versions} />
          </>
        )}
      </VersionPage>
      {retiring === undefined ? null : (
        <RetireBom bom={retiring} versions={data ?? []} onClose={() => setRetiring(undefined)} />
      )}
    </>
  )
}

function BomLines({ bom: { version, lines } }: { readonly bom: BillOfMaterial }): ReactElement {
  const timeZone = usePlantZone()
  return (
    <section aria-labelledby="bom-lines">
      <h2 id="bom-lines">Lines of version {version}</h2>
      <DataTable
        caption="Lines by position"
        rows={lines}
        rowKey={({ position, material, effectiveFrom, firstSerial }) =>
          `${position} ${material} ${effectiveFrom} ${firstSerial}`
        }
        columns={[
          { key: 'position', head: 'Position', align: 'right', tight: true, cell: ({ position }) => position },
          {
            key: 'material',
            head: 'Material',
            cell: ({ material, alternates }) => (
              <>
                <Link to="/materials/$code" params={{ code: material }}>
                  {material}
                </Link>
                {alternates.length === 0 ? null : <span className="machine-sub">or {alternates.join(', ')}</span>}
              </>
            ),
          },
          {
            key: 'quantity',
            head: 'For one',
            align: 'right',
            tight: true,
            cell: ({ quantity, unit }) => <span className="tl-figure">{piecesText(quantity, unit)}</span>,
          },
          { key: 'when', head: 'Built in', cell: (line) => effectivityText(line, timeZone) },
        ]}
      />
    </section>
  )
}

function effectivityText(line: BillOfMaterial['lines'][number], timeZone: string | undefined): string {
  const { effectiveFrom, effectiveTo, firstSerial, lastSerial } = line
  const words = [
    ...(effectiveFrom === null ? [] : [`from ${formatInstant(effectiveFrom, 'record', timeZone)}`]),
    ...(effectiveTo === null ? [] : [`until ${formatInstant(effectiveTo, 'record', timeZone)}`]),
    ...(firstSerial === null ? [] : [`from serial ${firstSerial}`]),
    ...(lastSerial === null ? [] : [`up to serial ${lastSerial}`]),
  ]
  return words.length === 0 ? 'always' : words.join(', ')
}
