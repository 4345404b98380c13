-- Lmod: put it into a directory of $MODULEPATH as ztp/<version>.lua; then `module load ztp`.
help([[ZTP, a permissioned ledger with zero-trust data sharing in an HPC allocation.
sbatch --nodes=4 $ZTP_HOME/slurm/ztp.sbatch starts one; ztp help tells the rest.]])
whatis("Name: ZTP")
whatis("Version: " .. myModuleVersion())
whatis("Description: permissioned ledger inside an HPC allocation")

local home = os.getenv("ZTP_SITE") or pathJoin("/opt/ztp", myModuleVersion()) -- where the site has put it

depends_on("openmpi") -- 4.1 or 5.0, with its Java bindings
-- depends_on("java/17") -- if the nodes' java is older than 17
setenv("ZTP_HOME", home)
prepend_path("PATH", pathJoin(home, "engine/bin"))
prepend_path("MANPATH", pathJoin(home, "tuning/docs/man"))
prepend_path("MANPATH", pathJoin(home, "native/docs/man"))
prepend_path("MANPATH", pathJoin(home, "engine/docs/man"))
