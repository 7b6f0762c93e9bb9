/** For the command line, which has no business with stores. */
export { packageVersion } from '../stores/package-version.ts'
