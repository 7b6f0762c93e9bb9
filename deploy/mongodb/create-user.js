// Run by MongoDB's image when its folder of data is empty: makes the user that Perdure has, who reads and writes one database and
// administers nothing. For a folder that is older than this file run it by hand, as root: docs/operators.md.
const { PERDURE_MONGODB_PASSWORD: pwd } = process.env
if (!pwd) throw new Error('PERDURE_MONGODB_PASSWORD is not set')
const perdure = db.getSiblingDB('perdure')
const roles = [{ role: 'readWrite', db: 'perdure' }]
if (perdure.getUser('perdure') === null) perdure.createUser({ user: 'perdure', pwd, roles })
else perdure.updateUser('perdure', { pwd, roles })
