# What every rank needs in its environment before java starts; to be sourced. The library reads it as it loads.
export UCX_ERROR_SIGNALS=                 # UCX would catch signals that the JVM uses, and crash it
export IPATH_NO_BACKTRACE=1 HFI_NO_BACKTRACE=1
export OMPI_MCA_opal_event_include=epoll  # with poll a survivor can spin in MPI_Test for ever after a peer's death
export OMPI_MCA_mpi_yield_when_idle="${OMPI_MCA_mpi_yield_when_idle:-1}"
export OMPI_MCA_hwloc_base_binding_policy="${OMPI_MCA_hwloc_base_binding_policy:-none}" # the team binds its own threads
