import type { ReactElement } from 'react'
import { Fragment } from 'react'

/** Codes one after another, each whole on its line: one that breaks at its hyphens is read wrong. */
export const Codes = ({ codes }: { readonly codes: readonly string[] }): ReactElement => (
  <>
    {codes.map((code, index) => (
      <Fragment key={code}>
        <span className="work-code">
          {code}
          {index === codes.length - 1 ? '' : ','}
        </span>{' '}
      </Fragment>
    ))}
  </>
)
