# spack repo add slurm/site/spack; spack dev-build ztp@main in a checkout, or spack install ztp with `git` set to one
import os

from spack.package import *


class Ztp(Package):
    """A permissioned ledger with zero-trust data sharing that lives inside an HPC allocation."""

    git = "file://" + os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", ".."))

    license("Apache-2.0")

    version("main", branch="main")

    depends_on("java@17:", type=("build", "run"))
    depends_on("maven@3.8:", type="build")
    depends_on("openmpi@4.1:5.0 +java schedulers=slurm", type=("build", "run"))

    def install(self, spec, prefix):
        which("mvn")("-B", "-q", "-DskipTests", "-pl", "native,tuning", "-am", "package")
        for part in ("engine/bin", "engine/docs", "engine/target/dist", "native/docs", "slurm/site", "slurm/testbed",
                     "storage/docs", "tuning/docs", "tuning/profiles"):
            install_tree(part, join_path(prefix, part))
        for part in ("native/setup.sh", "native/env.sh", "slurm/ztp.sbatch", "slurm/README.md"):
            install(part, join_path(prefix, part))

    def setup_run_environment(self, env):
        env.set("ZTP_HOME", self.prefix)
        env.set("MPI_HOME", self.spec["openmpi"].prefix)
        env.prepend_path("PATH", join_path(self.prefix, "engine", "bin"))
        for module in ("tuning", "native", "engine"):
            env.prepend_path("MANPATH", join_path(self.prefix, module, "docs", "man"))

    @run_after("install")
    @on_package_attributes(run_tests=True)
    def check_install(self):
        Executable(join_path(self.prefix, "engine", "bin", "ztp"))("demo")
